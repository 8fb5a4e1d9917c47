package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;

/** Ledger entries read as sentences: who did what, names for ids, times for numbers. */
class StoryTest {
    @ParameterizedTest
    @CsvSource({
        "model.registered, registered model",
        "model.version-certified, certified version",
        "alert.retraining-decided, decided retraining",
        "deployment.rolled-back, rolled back deployment",
        "deployment.trial-not-begun, did not begin trial",
        "model.hand-off-checked, checked hand-off",
        "approval.approved, approved",
        "release.approved, approved release"
    })
    void anActionBeginsWithItsVerb(String action, String words) {
        assertThat(Entry.words(action)).isEqualTo(words);
    }

    @Test
    void peopleHaveNamesAndTimesAreTimes() {
        String reason = "nothing moved, ".repeat(20);
        List<String> lines = Story.of(Json.parse("""
                {"at": 1388534400000, "actor": "ana", "authenticated": true, "action": "user.role-granted",
                 "subjects": ["user:U1", "project:delays"], "names": {"user:U1": "mia", "U2": "ben"},
                 "details": {"requestedBy": "U2", "dataEnd": 1388534400000, "n": 1388534400000, "reason": "%s"}}""".formatted(reason)));

        assertThat(lines)
                .containsExactly(
                        "2014-01-01 00:00:00Z  ana  granted role  mia",
                        "    with project:delays",
                        "    requestedBy: ben",
                        "    dataEnd: 2014-01-01 00:00:00Z",
                        "    n: 1388534400000",
                        "    reason: " + reason);
    }
}
