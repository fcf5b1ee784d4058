"""Many runs, several at a time, and how often each end came of them (outcome.py), by what was done."""
import collections
import sys
import threading


class Ends:
    def __init__(self):
        self.counts, self.wrong, self.lock = collections.Counter(), [], threading.Lock()

    def add(self, what, end):
        with self.lock:
            self.counts[what, end] += 1

    def add_wrong(self, text):
        with self.lock:
            self.wrong.append(text)

    def work(self, tasks, parallel, worker):
        """Each of `parallel` threads calls the function that worker(NUMBER) gives it with one task after another."""
        turns = iter(tasks)

        def run(number):
            one = worker(number)
            while True:
                with self.lock:
                    task = next(turns, None)
                if task is None:
                    return
                try:
                    one(*task)
                except Exception as problem:  # else the thread would end, and its tasks be left out unnoticed
                    self.add_wrong(f"{', '.join(map(str, task))}: {problem!r}")

        threads = [threading.Thread(target=run, args=(number,)) for number in range(parallel)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def tell_and_exit(self):
        """Status 1 where something was wrong, and where nothing was done."""
        for what in sorted({what for what, _ in self.counts}):
            ends = {end: count for (w, end), count in sorted(self.counts.items()) if w == what}
            print(f"{what}: " + ", ".join(f"{count} {end}" for end, count in ends.items()))
        for problem in self.wrong:
            print(f"WRONG {problem}")
        sys.exit(1 if self.wrong or not self.counts else 0)
