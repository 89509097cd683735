import threading

from diarist.queue.broker import Bells, Group


def test_a_rung_bell_is_answered_with_the_queues_name() -> None:
    heard: list[str] = []
    enough = threading.Event()

    def answer(queue: str) -> None:
        heard.append(queue)
        if len(heard) == 3:
            enough.set()

    bells = Bells(answer)
    bells.start()
    for queue in ("audio", "llm", "delivery"):
        bells.ring(queue)
    assert enough.wait(10)
    bells.stop()
    assert sorted(heard) == ["audio", "delivery", "llm"]


def test_a_group_runs_no_more_at_once_than_it_has_threads() -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    answered = threading.Semaphore(0)

    def answer(queue: str) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.02)
        with lock:
            at_once -= 1
        answered.release()

    bells = Bells(answer, [Group(("audio",), 2)])
    bells.start()
    for _ in range(8):
        bells.ring("audio")
    assert all(answered.acquire(timeout=10) for _ in range(8))
    bells.stop()
    assert most == 2


def test_an_answer_that_raises_does_not_end_the_answering() -> None:
    heard: list[int] = []
    again = threading.Event()

    def answer(queue: str) -> None:
        heard.append(1)
        if len(heard) == 1:
            raise RuntimeError("a bug")
        again.set()

    bells = Bells(answer)
    bells.start()
    bells.ring("audio")
    bells.ring("audio")
    assert again.wait(10)
    bells.stop()


def test_a_bell_of_another_process_is_left_alone() -> None:
    Bells(lambda queue: None).ring("elsewhere")
