# A package, and no step.
