"""What will come: waits, arrivals and staffing, as pure sums over a floor, a plan and what was learned; no database, no clock."""
