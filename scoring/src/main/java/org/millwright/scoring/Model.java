package org.millwright.scoring;

import java.time.Duration;

/** A loaded model. Safe for many threads at once until closed. */
public interface Model extends AutoCloseable {
    Signature signature();

    /** What runs it and the form of its file, as Open Inference Protocol names it, such as {@code onnx_onnxv1}. */
    String platform();

    /** Whether a request would be answered now; not while the process that runs the model starts. */
    default boolean isReady() {
        return true;
    }

    /**
     * Predicts every row.
     *
     * @param input any frame that has the signature's columns
     * @return one row for each input row, with the signature's output columns
     * @throws InvalidInput when the frame does not fit the signature
     * @throws ModelFailure when the runtime fails
     */
    Frame predict(Frame input);

    /**
     * Predicts every row as {@link #predict(Frame)} does, unless what runs the model is busy with other requests for too long.
     *
     * @param patience how long to wait for a core or process that is free
     * @throws Overloaded when none was free in that time
     */
    default Frame predict(Frame input, Duration patience) {
        return predict(input);
    }

    /**
     * Whether a prediction asked for now would begin at once on the caller's thread: it waits for no other process, and a core is
     * free. That can be over before it is asked for.
     */
    default boolean isFree() {
        return false;
    }

    /** Frees native memory; predictions in flight finish first, later ones fail. */
    @Override
    void close();
}
