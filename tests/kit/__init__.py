"""Tools for tests: small sites, servers, browsers, faults and rules."""
