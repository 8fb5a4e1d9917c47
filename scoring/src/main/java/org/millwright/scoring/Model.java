package org.millwright.scoring;

/** A loaded model. Safe for many threads at once until closed. */
public interface Model extends AutoCloseable {
    Signature signature();

    /** What runs it and the form of its file, as Open Inference Protocol names it, such as {@code onnx_onnxv1}. */
    String platform();

    /**
     * Predicts every row.
     *
     * @param input any frame that has the signature's columns
     * @return one row for each input row, with the signature's output columns
     * @throws InvalidInput when the frame does not fit the signature
     * @throws ModelFailure when the runtime fails
     */
    Frame predict(Frame input);

    /** Frees native memory; predictions in flight finish first, later ones fail. */
    @Override
    void close();
}
