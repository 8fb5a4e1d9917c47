package org.millwright.pipeline.steps;

import org.millwright.scoring.Frame;

/** Is told of what batch jobs answered, so that it is watched as what servers answer is. */
public interface BatchListener {
    /** Listens to a job; of one that is done again, what was told before counts once. */
    Job begin(String deployment, String version, String ref);

    /** Rows that are answered, in an order that is the same when the job is done again. */
    interface Job {
        /**
         * Some rows, each of which is taken: this waits while others are, ten minutes at most, and no longer than its thread is not
         * interrupted; then it throws {@link org.millwright.kernel.Problem.Unavailable}.
         *
         * @param inputs as the model took them
         * @param outputs what it answered
         * @param ids what outcomes will name them by; empty when none will be sent
         * @param times when each prediction is for, in milliseconds since the epoch
         */
        void answered(Frame inputs, Frame outputs, String[] ids, long[] times);

        /** No more will come. */
        void end();
    }
}
