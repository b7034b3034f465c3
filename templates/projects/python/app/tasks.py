"""What the worker does. It runs in a process of its own, which may end at any time: a task should be able to run twice."""


def square(number: int) -> int:
    return number * number
