"""Routes: each module makes the routes of one kind and adds them to the application."""
