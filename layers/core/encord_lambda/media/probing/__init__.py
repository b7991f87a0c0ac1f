"""What Encord wants to know of a file, from a few ranges of it; one module for each family of formats.

Libraries do the reading where they can do it on parts of a file. Where they would want all of it, or allocate what a
hostile file tells them to, the few fields that matter are cut out of it first and handed to them alone.
"""
