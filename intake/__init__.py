"""The public face. It can write reports and cannot read them back."""
