"""The contracts that every primitive keeps, and `check_primitive`, which checks them all."""
