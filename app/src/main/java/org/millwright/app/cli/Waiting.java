package org.millwright.app.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.millwright.kernel.Problem;

/** Waits for one answer and shows for how long already. */
final class Waiting {
    private static final String[] TURN = {"◐", "◓", "◑", "◒"};

    private Waiting() {}

    static <T> T on(Screen screen, String what, Supplier<T> work) {
        long start = System.nanoTime();
        if (!screen.isTerminal()) {
            screen.line(what + " …");
        }
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<T> answer = CompletableFuture.supplyAsync(work, executor);
            for (int turn = 0; ; turn++) {
                Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                screen.live(List.of("  " + screen.busy(TURN[turn % TURN.length]) + " " + what + "  "
                        + screen.dim(Texts.duration(elapsed))));
                try {
                    return answer.get(200, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // drawn anew
                }
            }
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "Give the command again.");
        } finally {
            screen.settle();
        }
    }
}
