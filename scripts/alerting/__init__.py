"""What an operator is told of, and when: objectives, rules and alerts, each with the trial that it has to pass."""
