"""Parts of notebooks, as Python."""


def code(cell_id, source, *tags):
    """A code cell that was never run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source,
    }


def prose(cell_id, source):
    """A Markdown cell."""
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def ran(cell_id, *outputs, source=""):
    """A code cell with outputs."""
    return {**code(cell_id, source), "execution_count": 1, "outputs": list(outputs)}


def shown(metadata=None, **data):
    """A display output; `text_csv` stands for `text/csv`, and so on."""
    return {
        "data": {mime.replace("_", "/", 1): value for mime, value in data.items()},
        "metadata": metadata or {},
        "output_type": "display_data",
    }


def notebook(*cells):
    """A notebook in memory."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
