"""What decides a criterion: one constraint against the chart, how constraints and children combine, and when nothing may be decided."""
