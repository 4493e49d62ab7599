"""PostgreSQL and Valkey from pinned wheels, run under `var/` when no URL names a server of yours."""
