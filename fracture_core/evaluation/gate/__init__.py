"""The gate before a new model is served: compare with the model in use, promote, roll back."""
