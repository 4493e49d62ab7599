"""The doors for operators' servers: what they send is sealed and stored like any report, and they can read nothing."""
