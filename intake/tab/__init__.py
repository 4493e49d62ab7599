"""The tab: the journey inside an app, and what that app adds to a report."""
