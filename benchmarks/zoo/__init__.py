"""Servers of the leads contract that know nothing of Leadline: correct ones, and one for each defect."""
