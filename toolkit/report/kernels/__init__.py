"""Where the cells of a report run: a fresh fork of a warm process, or a kernel of their own.

- `engine`: the papermill engine, which chooses between the two;
- `template`: the process that has imported the scientific stack, and is forked;
- `forked`: what runs in the fork, an IPython kernel that speaks over one socket;
- `start`: the one template of a process, started and ended;
- `warm`: the caller's end of the socket;
- `plain`: a kernel started anew, as Jupyter does;
- `surroundings`: environment and random state, pinned, the same for both.

Nothing is imported here: the template must stay free of Jupyter's client and of papermill.
"""
