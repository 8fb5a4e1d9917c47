package org.millwright.scoring.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** A model in ONNX form, run by ONNX Runtime in this process. */
public final class OnnxModel implements Model {
    private static final int BATCH = 4096;
    private static final int KEPT = 128;

    private final Signature signature;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Inputs inputs;
    private final ConcurrentLinkedQueue<Slot> slots = new ConcurrentLinkedQueue<>();
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxModel(Signature signature, OrtEnvironment environment, OrtSession session, Inputs inputs) {
        this.signature = signature;
        this.environment = environment;
        this.session = session;
        this.inputs = inputs;
    }

    /** Loads the runtime's native library, so that the first model need not wait for it. */
    public static void prepare() {
        OrtEnvironment.getEnvironment();
    }

    /** Loads a graph with one thread a call, which is best for few rows and many callers. */
    public static OnnxModel load(byte[] graph, Signature signature) {
        return load(graph, signature, 1);
    }

    /**
     * Loads a graph.
     *
     * @param threads threads inside one call, at least 1
     * @throws ModelFailure when the bytes are no graph or its inputs do not fit the signature
     */
    public static OnnxModel load(byte[] graph, Signature signature, int threads) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            OrtSession session = environment.createSession(graph, options);
            try {
                Inputs inputs = Inputs.match(signature, session.getInputInfo());
                return new OnnxModel(signature, environment, session, inputs);
            } catch (ModelFailure | OrtException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new ModelFailure("ONNX Runtime cannot load the model: " + e.getMessage(), e);
        }
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public String platform() {
        return "onnx_onnxv1";
    }

    @Override
    public Frame predict(Frame input) {
        return predict(input, NativeCalls.FOREVER);
    }

    @Override
    public Frame predict(Frame input, Duration patience) {
        Frame frame = signature.conform(input).frame();
        life.readLock().lock();
        try {
            if (closed) {
                throw new ModelFailure("the model was closed");
            }
            return frame.rows() == 0 ? empty() : run(frame, patience);
        } catch (OrtException e) {
            throw new ModelFailure("ONNX Runtime failed while predicting: " + e.getMessage(), e);
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public boolean isFree() {
        return NativeCalls.isFree();
    }

    private Frame run(Frame frame, Duration patience) throws OrtException {
        if (frame.rows() <= BATCH) {
            return call(frame, 0, frame.rows(), patience);
        }
        List<Frame> parts = new ArrayList<>();
        for (int from = 0; from < frame.rows(); from += BATCH) {
            parts.add(call(frame, from, Math.min(frame.rows(), from + BATCH), patience));
        }
        return Frame.concat(parts);
    }

    private Frame call(Frame frame, int from, int to, Duration patience) throws OrtException {
        NativeCalls.enter(patience);
        try {
            Slot slot = take();
            try (OrtSession.Result result = session.run(slot.fill(frame, from, to))) {
                return Outputs.read(signature, result, to - from);
            } finally {
                keep(slot);
            }
        } finally {
            NativeCalls.leave();
        }
    }

    private Slot take() {
        Slot slot = slots.poll();
        return slot == null ? new Slot(environment, inputs) : slot;
    }

    private void keep(Slot slot) {
        if (slot.rows() > KEPT) {
            slot.close();
        }
        slots.offer(slot);
    }

    private Frame empty() {
        Frame.Builder frame = Frame.of(0);
        List<Signature.Column> outputs = signature.outputs().isEmpty()
                ? List.of(Signature.Column.of("prediction", DataType.DOUBLE))
                : signature.outputs();
        for (Signature.Column output : outputs) {
            frame.column(output.name(), output.type(), Vector.empty(output.type()));
        }
        return frame.build();
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                slots.forEach(Slot::close);
                slots.clear();
                session.close();
            }
        } catch (OrtException e) {
            throw new ModelFailure("ONNX Runtime cannot free the model: " + e.getMessage(), e);
        } finally {
            life.writeLock().unlock();
        }
    }
}
