"""What every HTTP answer of Diarist has in common; knows neither features nor the runtime."""
