package org.millwright.engines.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;

/** One process that has loaded a model; for one request at a time. */
final class Worker {
    private static final int SHOWN = 300;
    private static final byte CALLERS = 1;
    private static final byte TOO_LARGE = 2;

    /** The process did not get the whole request, so it has not begun with it. */
    static final class NotSent extends Exception {
        private static final long serialVersionUID = 1L;

        NotSent(IOException cause) {
            super(cause);
        }
    }

    /** The answer would have more bytes than a message may; for fewer rows it may have fewer. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge(String message) {
            super(message);
        }
    }

    private final String name;
    private final WorkerProcess process;
    private final Messages messages;
    private final ScheduledExecutorService timer;
    private volatile boolean late;
    private long number;

    Worker(String name, WorkerProcess process, Messages messages, ScheduledExecutorService timer) {
        this.name = name;
        this.process = process;
        this.messages = messages;
        this.timer = timer;
    }

    WorkerProcess process() {
        return process;
    }

    /** Whether another request can be sent to it. */
    boolean isUsable() {
        return messages.isOpen();
    }

    /** Ends the process, without waiting; a request under way fails. */
    void stop() {
        messages.close();
        process.stop();
    }

    /**
     * Has rows predicted.
     *
     * @throws NotSent when the process is gone and has not seen the rows
     * @throws TooLarge when the answer is larger than a message may be
     * @throws InvalidInput when MLflow refused them
     * @throws ModelFailure when the model failed, or the process ended or took too long, which ends it
     */
    Frame predict(ByteBuffer request, int rows, Duration deadline) throws NotSent {
        ScheduledFuture<?> watch = timer.schedule(this::expire, deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            send(request.putLong(TableWriter.NUMBER, ++number));
            return read(messages.receive(), rows);
        } catch (IOException e) {
            messages.close();
            ModelFailure ended = ended(e, deadline);
            stop();
            throw ended;
        } finally {
            watch.cancel(false);
        }
    }

    private Frame read(Messages.Message answer, int rows) throws Messages.Strange {
        ByteBuffer body = answer.body();
        if (answer.kind() != Messages.ANSWER && answer.kind() != Messages.REFUSED) {
            throw new Messages.Strange("sent a message of kind " + answer.kind());
        }
        if (body.remaining() < Long.BYTES || body.getLong() != number) {
            throw new Messages.Strange("answered another request");
        }
        if (answer.kind() == Messages.REFUSED) {
            throw refusal(body);
        }
        return TableReader.read(body, rows);
    }

    private void send(ByteBuffer request) throws NotSent {
        try {
            messages.send(request);
        } catch (IOException e) {
            stop();
            if (late) {
                throw ModelFailure.temporary(
                        "The Python worker of " + name + " took no request in time and was stopped");
            }
            throw new NotSent(e);
        }
    }

    private void expire() {
        late = true;
        stop();
    }

    private ModelFailure ended(IOException e, Duration deadline) {
        if (late) {
            return ModelFailure.temporary("The Python worker of " + name + " did not answer within "
                    + WorkerPool.shown(deadline) + " and was stopped; another takes its place");
        }
        // A process that closed its connection is about to end by itself: its own exit code is what people look for.
        String how = e instanceof Messages.Strange strange
                ? strange.getMessage() + " and was stopped"
                : process.end(Duration.ofSeconds(2));
        return ModelFailure.temporary(
                "The Python worker of " + name + " " + how + " before it answered; another takes its place");
    }

    private RuntimeException refusal(ByteBuffer body) throws Messages.Strange {
        if (!body.hasRemaining()) {
            throw new Messages.Strange("sent an empty refusal");
        }
        byte fault = body.get();
        String why = StandardCharsets.UTF_8.decode(body).toString();
        return switch (fault) {
            case CALLERS -> {
                String cut = why.length() <= SHOWN ? why : why.substring(0, SHOWN) + "…";
                yield InvalidInput.of("MLflow refuses the rows: " + cut);
            }
            case TOO_LARGE -> new TooLarge(why);
            default ->
                new ModelFailure(
                        "The model " + name + " failed in Python: " + why + "; its log ends: " + process.log(12));
        };
    }
}
