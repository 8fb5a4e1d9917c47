package org.millwright.insight;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Standing;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.monitor.Overviews;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ExternalModel;
import org.millwright.registry.ExternalModels;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;

/** Lists all models with what governs them, what needs attention first. */
public final class Inventory {
    private static final int PAGE = 200;
    private static final int MOST = 10_000;

    private final Chronicle chronicle;
    private final Rooms rooms;
    private final Users users;
    private final Clock clock;

    /** What the inventory reads. */
    public record Rooms(
            Projects projects,
            Models models,
            Versions versions,
            ExternalModels external,
            Deployments deployments,
            Overviews overviews,
            Alerts alerts,
            Certificates certificates) {}

    public Inventory(Chronicle chronicle, Rooms rooms, Users users, Clock clock) {
        this.chronicle = chronicle;
        this.rooms = rooms;
        this.users = users;
        this.clock = clock;
    }

    /** The models that the actor may read, of one project or of all. */
    public List<Inventoried> list(Actor by, Optional<String> project) {
        project.ifPresent(name -> users.access().require(by, Permission.READ, name));
        var events = Chronicle.byProject(chronicle.until(clock.millis()));
        List<Deployment> deployments = rooms.deployments().list();
        var found = new ArrayList<Inventoried>();
        for (RegisteredModel model : models(by)) {
            if (project.isEmpty() || model.project().equals(project)) {
                found.addAll(of(
                        model,
                        deployments.stream()
                                .filter(each -> each.model().equals(model.name()))
                                .toList(),
                        events));
            }
        }
        if (project.isEmpty() && users.access().allows(by, Permission.READ, Optional.empty())) {
            rooms.external().list(by).stream()
                    .filter(model -> model.retiredAt().isEmpty())
                    .forEach(model -> found.add(elsewhere(model)));
        }
        if (found.isEmpty() && project.isEmpty()) {
            users.access().require(by, Permission.READ);
        }
        found.sort(Inventoried.FIRST);
        return found;
    }

    private List<RegisteredModel> models(Actor by) {
        var models = new ArrayList<RegisteredModel>();
        String token = "";
        do {
            Page<RegisteredModel> page = rooms.models().search(by, "", List.of(), PAGE, token);
            models.addAll(page.items());
            token = page.next().orElse("");
        } while (!token.isEmpty() && models.size() < MOST);
        return models;
    }

    private List<Inventoried> of(RegisteredModel model, List<Deployment> deployments, Map<String, List<Event>> events) {
        List<Event> own = events.getOrDefault(model.project().orElse(""), List.of());
        var found = new ArrayList<Inventoried>();
        for (Deployment deployment : deployments) {
            deployment.production().ifPresent(version -> found.add(judge(model, version, deployment, own)));
        }
        if (found.isEmpty()) {
            rooms.versions().all(Actor.SYSTEM, model.name()).stream()
                    .findFirst()
                    .ifPresent(version -> found.add(judge(model, version, deployments, own)));
        }
        return found;
    }

    private Inventoried judge(RegisteredModel model, String version, Deployment deployment, List<Event> events) {
        long since = Spans.of(events).stream()
                .filter(span -> !span.trial() && span.deployment().equals(deployment.name()))
                .filter(span -> span.version().equals(version) && span.until().isEmpty())
                .map(Spans.Span::from)
                .findFirst()
                .orElse(deployment.changedAt());
        ModelVersion known = rooms.versions().get(Actor.SYSTEM, model.name(), version);
        return judge(model, known, Optional.of(deployment), "production", Optional.of(since), events);
    }

    /** The newest version of a model that has none in production. */
    private Inventoried judge(
            RegisteredModel model, ModelVersion version, List<Deployment> deployments, List<Event> events) {
        Optional<Deployment> candidate = deployments.stream()
                .filter(each -> each.candidate().equals(Optional.of(Long.toString(version.version()))))
                .findFirst();
        String stage = candidate
                .map(each -> each.rollout() instanceof Rollout.Trial ? "trial" : "staged")
                .orElse("registered");
        return judge(model, version, candidate, stage, Optional.empty(), events);
    }

    private Inventoried judge(
            RegisteredModel model,
            ModelVersion version,
            Optional<Deployment> deployment,
            String stage,
            Optional<Long> since,
            List<Event> events) {
        Optional<ProjectFile> file = model.project().flatMap(rooms.projects()::file);
        String project = model.project().orElse("");
        boolean agreed = rooms.projects().agreement(project).isPresent();
        Optional<Certificate> certificate = rooms.certificates().of(version.subject());
        Optional<Event> reproduced = newest(events, version.subject(), "model.reproduced");
        Optional<Event> reviewed = events.stream()
                .filter(event -> event.is("project.approved", "project.reviewed"))
                .reduce((before, after) -> after);
        var judged = new Judged(
                version.subject(),
                model.name(),
                Long.toString(version.version()),
                project,
                file.map(ProjectFile::owner).orElse(""),
                file.map(found -> found.riskTier().text()).orElse(Inventoried.UNKNOWN),
                file.map(ProjectFile::purpose).orElse(""),
                deployment,
                stage,
                version.createdAt(),
                since,
                deployment.map(each -> standings(model.name(), each.name())).orElse(List.of()),
                agreed,
                certificate,
                validUntil(certificate),
                reproduced.map(event -> event.text("verdict")),
                reproduced.map(Event::at),
                reviewed.map(Event::at),
                reviewed.map(event -> event.details().path("due").asLong()).filter(due -> due > 0),
                deployment.map(each -> open(each.name())).orElse(List.of()));
        return judged.inventoried(clock.millis());
    }

    private List<Standing> standings(String model, String deployment) {
        return rooms.overviews().promises(Actor.SYSTEM, model).stream()
                .filter(promise -> promise.deployment().equals(deployment))
                .map(Overviews.Promise::standing)
                .toList();
    }

    /** Until when it is valid; a certificate that is not believed ended when it was made. */
    private Optional<Long> validUntil(Optional<Certificate> certificate) {
        try {
            return certificate
                    .flatMap(known -> rooms.certificates().validUntil(known.subject()))
                    .map(Instant::toEpochMilli);
        } catch (Problem.Refused e) {
            return certificate.map(Certificate::at);
        }
    }

    private List<Alert> open(String deployment) {
        return rooms.alerts().list(Actor.SYSTEM, Optional.of(deployment), Optional.empty(), true).stream()
                .filter(alert -> !alert.quiet())
                .toList();
    }

    private static Optional<Event> newest(List<Event> events, String subject, String action) {
        return events.stream()
                .filter(event -> event.is(action) && event.subjects().contains(subject))
                .reduce((before, after) -> after);
    }

    private Inventoried elsewhere(ExternalModel model) {
        var attention = new ArrayList<Attention>();
        long now = clock.millis();
        String change = "mw model add-external " + model.name() + " --review DATE …";
        if (model.reviewAt().isEmpty()) {
            attention.add(new Attention(35, "nobody said when it is reviewed", change, "/insight/models"));
        } else if (model.reviewAt().get() <= now) {
            attention.add(new Attention(45, "its review is overdue", change, "/insight/models"));
        }
        return new Inventoried(
                model.ref(),
                model.name(),
                "",
                "",
                model.owner(),
                model.tier().text(),
                model.purpose(),
                model.servedAt(),
                "elsewhere",
                Optional.of(model.addedAt()),
                Optional.empty(),
                "nothing agreed",
                Inventoried.UNKNOWN,
                Inventoried.UNKNOWN,
                "none",
                Optional.empty(),
                "never",
                Optional.empty(),
                Optional.of(model.changedAt()),
                model.reviewAt(),
                Judged.NOT_SCANNED,
                Inventoried.UNKNOWN,
                attention);
    }
}
