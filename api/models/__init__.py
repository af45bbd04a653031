"""What requests hold and answers hold, as models made of the topics: checked, documented, with examples."""
