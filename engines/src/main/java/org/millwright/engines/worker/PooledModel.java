package org.millwright.engines.worker;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.trace.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model whose rows the processes of a pool predict; requests that wait for one may share a call. */
final class PooledModel implements Model {
    private static final Logger LOG = LoggerFactory.getLogger(PooledModel.class);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PythonModel model;
    private final WorkerSettings settings;
    private final WorkerPool pool;
    private final Independence independence;
    private final LongSupplier nanos;

    /** @param nanos tells how long calls take */
    PooledModel(
            PythonModel model,
            WorkerSettings settings,
            WorkerPool pool,
            Independence independence,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.model = model;
        this.settings = settings;
        this.pool = pool;
        this.independence = independence;
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public String platform() {
        return "mlflow_pyfunc";
    }

    @Override
    public boolean isReady() {
        return pool.isReady();
    }

    @Override
    public Frame predict(Frame input) {
        return predict(input, LONGEST);
    }

    @Override
    public Frame predict(Frame input, Duration patience) {
        Frame frame = signature().conform(input).frame();
        if (frame.rows() == 0) {
            return Outputs.none(signature());
        }
        Span span = Span.current().child("predict in Python", Span.Kind.CLIENT);
        span.put("millwright.model", model.name()).put("millwright.rows", frame.rows());
        return Outputs.shaped(signature(), span.around(() -> answered(frame, patience, false)));
    }

    /** What the model answers; in parts when the rows do not fit into one message. */
    private Frame answered(Frame frame, Duration patience, boolean alone) {
        Optional<ByteBuffer> request = TableWriter.write(frame, settings.limit());
        if (request.isPresent()) {
            try {
                return ask(new Turn(frame, request.get(), alone), patience);
            } catch (Worker.TooLarge e) {
                if (frame.rows() == 1) {
                    throw new ModelFailure("The model " + model.name() + " answers too much: " + e.getMessage(), e);
                }
            }
        } else if (frame.rows() == 1) {
            throw InvalidInput.of("a row has more than the " + settings.limit() + " bytes that a Python worker takes");
        }
        int half = frame.rows() / 2;
        return Frame.concat(List.of(
                answered(frame.slice(0, half), patience, alone),
                answered(frame.slice(half, frame.rows()), patience, alone)));
    }

    private Frame ask(Turn turn, Duration patience) {
        int unsent = 0;
        while (unsent < 2) {
            Optional<WorkerPool.Call> call = pool.take(turn, patience);
            if (call.isPresent() && call.get().turns().size() == 1) {
                findOut(turn);
                try {
                    return ask(call.get(), turn.request(), turn.rows().rows());
                } catch (Worker.NotSent e) {
                    unsent++;
                }
            } else if (call.isPresent()) {
                askTogether(call.get());
            }
            Frame answer = turn.answer();
            if (answer != null) {
                return answer;
            }
        }
        throw ModelFailure.temporary("Two Python workers of " + model.name() + " ended before they took the request");
    }

    /** Has the rows of several requests predicted by one call. What goes wrong is no request's yet: each asks again alone. */
    private void askTogether(WorkerPool.Call call) {
        Optional<Frame> answer = Optional.empty();
        try {
            Frame rows = Frame.concat(call.turns().stream().map(Turn::rows).toList());
            ByteBuffer request = TableWriter.write(rows, settings.limit()).orElse(NOTHING);
            if (request.hasRemaining()) {
                answer = Optional.of(ask(call, request, rows.rows()));
            } else {
                pool.giveBack(call, rows.rows(), 0);
            }
        } catch (Worker.NotSent | InvalidInput | ModelFailure | Worker.TooLarge e) {
            LOG.debug("{} requests to {} are answered one by one", call.turns().size(), model.name(), e);
        } finally {
            pool.share(call, answer);
        }
    }

    private Frame ask(WorkerPool.Call call, ByteBuffer request, int rows) throws Worker.NotSent {
        Span.current().put("millwright.requests", call.turns().size());
        long begin = nanos.getAsLong();
        long took = 0;
        try {
            Frame answer = call.worker().predict(request, rows, settings.request());
            took = Math.max(1, nanos.getAsLong() - begin);
            return answer;
        } finally {
            pool.giveBack(call, rows, took);
        }
    }

    /** Tries beside the requests whether rows may be joined, once that would have been of use. */
    private void findOut(Turn turn) {
        if (!turn.isAlone() && pool.waiting() > 0 && independence.begin()) {
            Thread.ofVirtual()
                    .name("python-rows")
                    .start(() -> independence.find(
                            rows -> answered(signature().conform(rows).frame(), LONGEST, true)));
        }
    }

    /** Requests that wait for a process now. */
    int waiting() {
        return pool.waiting();
    }

    @Override
    public void close() {
        pool.close();
    }
}
