package org.millwright.web.metrics;

import java.util.function.Supplier;
import org.millwright.alert.Alerts;
import org.millwright.factory.Outbox;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.ledger.Ledger;
import org.millwright.monitor.Monitor;
import org.millwright.notification.Notifications;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.serving.Scorer;
import org.millwright.verdict.ClockClauses;

/** What is counted where. */
public record MetricsRooms(
        Users users,
        Scorer scorer,
        Monitor monitor,
        ClockClauses clock,
        Alerts alerts,
        Notifications notifications,
        PipelineRuns runs,
        Ledger ledger,
        Outbox outbox,
        Supplier<Database.Load> database) {}
