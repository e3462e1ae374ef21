"""Saved web pages: reader makes an article of one."""
