package org.millwright.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.window.WindowState;

/** What a verdict is about. */
record ClauseInWindow(WindowState state, Clause clause, boolean leading, long now) {
    Judgement judged(
            Verdict verdict, String method, double measured, double threshold, long n, String note, JsonNode details) {
        return new Judgement(
                state.deployment(),
                state.version(),
                state.window(),
                clause,
                verdict,
                leading,
                method,
                measured,
                threshold,
                n,
                note,
                details,
                now);
    }
}
