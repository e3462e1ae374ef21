"""Read messages, mailboxes, Outlook files, and web pages saved as messages."""
