"""Define the routes: each module builds the routes of one kind and adds them to the application."""
