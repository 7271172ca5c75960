"""What every page shows: the views, which are the theme's whole interface, and the plan that makes them."""
