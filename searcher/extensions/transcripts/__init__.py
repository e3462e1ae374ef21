"""Speech on record: transcripts in texts, pages and JSON, captions, and chats."""
