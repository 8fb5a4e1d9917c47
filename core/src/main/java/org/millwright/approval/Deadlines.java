package org.millwright.approval;

import java.time.Clock;
import java.time.Duration;
import org.millwright.project.Agreements;
import org.millwright.project.Deciding;
import org.millwright.project.Projects;
import org.millwright.project.WorkingDays;
import org.millwright.turn.Turns;

/** Reminds of requests half-way and on their last day, ends those whose time is over, and emergencies as well. */
public final class Deadlines implements AutoCloseable {
    private static final Duration TURN = Duration.ofMinutes(5);

    private final Approvals approvals;
    private final BreakGlass breakGlass;
    private final Projects projects;
    private final Agreements agreements;
    private final Clock clock;
    private final Turns turns = new Turns("deadlines", TURN, this::turn);

    public Deadlines(
            Approvals approvals, BreakGlass breakGlass, Projects projects, Agreements agreements, Clock clock) {
        this.approvals = approvals;
        this.breakGlass = breakGlass;
        this.projects = projects;
        this.agreements = agreements;
        this.clock = clock;
    }

    /** From now on looks by itself. */
    public void start() {
        turns.start();
    }

    /** Looks at everything that waits now. */
    public void turn() {
        for (Approval waiting : approvals.pending()) {
            if (clock.millis() >= waiting.expiresAt()) {
                approvals.expire(waiting.id());
            } else {
                remind(waiting);
            }
        }
        breakGlass.turn();
        projects.turn();
        agreements.turn();
    }

    private void remind(Approval waiting) {
        WorkingDays days = projects.holidays()
                .working(projects.file(waiting.project())
                        .map(file -> file.release().deciding())
                        .orElse(Deciding.DEFAULT));
        long now = clock.millis();
        if (now >= days.lastDay(waiting.expiresAt())) {
            approvals.remind(waiting, 2);
        } else if (now >= days.halfWay(waiting.requestedAt(), waiting.expiresAt())) {
            approvals.remind(waiting, 1);
        }
    }

    @Override
    public void close() {
        turns.close();
    }
}
