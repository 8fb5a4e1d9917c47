package org.millwright.web.ui;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.millwright.identity.Actor;

/** Fills the desks of a first page. */
public final class Desks {
    private final DecisionsDesk decisions;
    private final ProductionDesk production;
    private final WorkDesk work;
    private final ValidationDesk validation;
    private final EndpointsDesk endpoints;
    private final PeopleDesk people;
    private final InstallationDesk installation;
    private final RecordsDesk records;

    public Desks(
            DecisionsDesk decisions,
            ProductionDesk production,
            WorkDesk work,
            ValidationDesk validation,
            EndpointsDesk endpoints,
            PeopleDesk people,
            InstallationDesk installation,
            RecordsDesk records) {
        this.decisions = decisions;
        this.production = production;
        this.work = work;
        this.validation = validation;
        this.endpoints = endpoints;
        this.people = people;
        this.installation = installation;
        this.records = records;
    }

    /** What each desk that is shown has to say; {@code first} heads the page. */
    public record Home(
            Desk first,
            Optional<DecisionsDesk.View> decisions,
            Optional<ProductionDesk.View> production,
            Optional<WorkDesk.View> work,
            Optional<ValidationDesk.View> validation,
            Optional<EndpointsDesk.View> endpoints,
            Optional<PeopleDesk.View> people,
            Optional<InstallationDesk.View> installation,
            Optional<RecordsDesk.View> records) {}

    Home home(Actor by, Set<Desk> shown, String server, long now) {
        return new Home(
                shown.iterator().next(),
                of(shown, Desk.DECISIONS, () -> decisions.view(by)),
                of(shown, Desk.PRODUCTION, () -> production.view(by, now)),
                of(shown, Desk.WORK, () -> work.view(by)),
                of(shown, Desk.VALIDATION, () -> validation.view(by, now)),
                of(shown, Desk.ENDPOINTS, () -> endpoints.view(by, server)),
                of(shown, Desk.PEOPLE, () -> people.view(by)),
                of(shown, Desk.INSTALLATION, () -> installation.view(by, now)),
                of(shown, Desk.RECORDS, () -> records.view(by)));
    }

    private static <T> Optional<T> of(Set<Desk> shown, Desk desk, Supplier<T> view) {
        return shown.contains(desk) ? Optional.of(view.get()) : Optional.empty();
    }
}
