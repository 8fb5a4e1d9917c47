package org.millwright.app.cli;

import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.function.Consumer;
import org.millwright.app.simulation.Plan;

/** Brings faults into the data that a project trains on, too, where the plan says which column that is. */
final class SimulatedFaults {
    private SimulatedFaults() {}

    static SimulatedFaults prepare(Path project, Plan plan, ReplayRows.Columns columns) {
        return new SimulatedFaults();
    }

    void follow(YearMonth month, Consumer<String> run) {}

    List<String> told() {
        return List.of();
    }
}
