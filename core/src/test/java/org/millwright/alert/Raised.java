package org.millwright.alert;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;

/** Alerts as a broken window raises them, without the window. */
public final class Raised {
    private Raised() {}

    public static Alert raise(
            Database database, Ledger ledger, Ids ids, Clock clock, String project, String deployment, Clause clause) {
        var alert = new Alert(
                ids.next(),
                Subject.deployment(deployment),
                deployment,
                project,
                deployment,
                "1",
                clause,
                Alert.State.OPEN,
                WindowKind.MONTH.at(clock.millis()),
                clause == Clause.PERFORMANCE ? "skill" : "psi",
                0.0215,
                0.2,
                400,
                deployment + "/1 in 2025-12: " + clause.text() + " <broken> & worse than agreed",
                "mia",
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                false);
        database.write(() -> {
            if (new AlertStore(database).insert(alert)) {
                ledger.append(
                        Actor.SYSTEM,
                        "alert.raised",
                        List.of(alert.ref(), "deployment:" + deployment),
                        Json.object().put("clause", clause.text()));
            }
        });
        return alert;
    }
}
