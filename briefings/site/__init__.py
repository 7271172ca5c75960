"""All records together: what may be shown, how they refer to each other, and what is wrong between them."""
