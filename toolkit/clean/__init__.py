"""Text becomes values: money, periods, places, layouts; every row is accounted for."""
