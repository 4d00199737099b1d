"""What a person hears: the guide as a soft tone or like breath, and a bell where a step begins."""
