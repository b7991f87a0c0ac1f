"""How requests and answers look on the wire, in both protocols, and what every request goes through."""
