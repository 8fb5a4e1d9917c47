package org.millwright.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Requests over a few connections, each sent as soon as the one before it on its connection is answered. */
final class Load {
    private Load() {}

    /** @param millis how long each request took, the quickest first */
    record Result(int failed, double seconds, double[] millis) {
        double perSecond() {
            return millis.length / seconds;
        }

        double quantile(double share) {
            return millis[Math.min(millis.length - 1, (int) (share * millis.length))];
        }
    }

    /** One connection, for one thread. */
    interface Client extends AutoCloseable {
        /** Sends the request of that number and reads the answer; returns whether it is as it should be. */
        boolean ask(int number) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** What connects. */
    interface Connecting {
        Client connect() throws IOException;
    }

    /** @param request makes the whole request of that number; called by several threads */
    static Result run(int port, int connections, int requests, IntFunction<byte[]> request) {
        return run(connections, requests, () -> http(port, request));
    }

    static Client http(int port, IntFunction<byte[]> request) throws IOException {
        var connection = new Connection(port);
        return new Client() {
            @Override
            public boolean ask(int number) throws IOException {
                return connection.ask(request.apply(number)) == 200;
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    static Result run(int connections, int requests, Connecting connecting) {
        var next = new AtomicInteger();
        var failed = new AtomicInteger();
        var millis = new double[requests];
        var broken = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try (Client client = connecting.connect()) {
                    for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                        long sent = System.nanoTime();
                        if (!client.ask(n)) {
                            failed.incrementAndGet();
                        }
                        millis[n] = (System.nanoTime() - sent) / 1e6;
                    }
                } catch (IOException e) {
                    broken.incrementAndGet();
                }
            }));
        }
        threads.forEach(Load::join);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (broken.get() > 0) {
            throw new IllegalStateException(broken.get() + " of " + connections + " connections broke");
        }
        Arrays.sort(millis);
        return new Result(failed.get(), seconds, millis);
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
