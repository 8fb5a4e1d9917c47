package org.millwright.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/**
 * A model in this process as it could be asked: as many threads as cores, each of which predicts all rows that wait by one
 * call. Only to measure what that would bring.
 */
final class JoinedCalls implements Model {
    private static final int MOST = 256;

    private final Model model;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private record Waiting(Frame rows, CompletableFuture<Frame> answer) {}

    JoinedCalls(Model model) {
        this.model = model;
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().daemon().start(this::loop));
        }
    }

    private void loop() {
        List<Waiting> together = new ArrayList<>();
        try {
            while (true) {
                together.clear();
                together.add(queue.take());
                queue.drainTo(together, MOST - 1);
                Frame answer = model.predict(
                        Frame.concat(together.stream().map(Waiting::rows).toList()));
                int from = 0;
                for (Waiting waiting : together) {
                    int to = from + waiting.rows().rows();
                    waiting.answer().complete(answer.slice(from, to));
                    from = to;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public String platform() {
        return model.platform();
    }

    @Override
    public Frame predict(Frame input) {
        var waiting = new Waiting(input, new CompletableFuture<>());
        queue.add(waiting);
        return waiting.answer().join();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        threads.forEach(Load::join);
        model.close();
    }
}
