"""The product with one promise taken out, in the child process only: `intake` and `worker` hold those of each face."""


def replace(owner: object, name: str, changed: object) -> None:
    """Put `changed` in place of what the product has."""
    assert hasattr(owner, name), f"the product has no {name} any more: this mutant would be none"
    setattr(owner, name, changed)
