package org.millwright.scoring.onnx;

import java.util.concurrent.Semaphore;

/** Bounds calls into native code to the number of cores, first come first served: more only makes all of them slow. */
final class NativeCalls {
    private static final Semaphore CORES = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    private NativeCalls() {}

    static void enter() {
        CORES.acquireUninterruptibly();
    }

    static void leave() {
        CORES.release();
    }
}
