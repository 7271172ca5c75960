"""What tests are made with: sites, servers, browsers, faults and rules."""
