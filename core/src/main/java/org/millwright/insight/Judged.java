package org.millwright.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Clause;
import org.millwright.alert.Standing;
import org.millwright.alert.Verdict;
import org.millwright.lineage.Certificate;
import org.millwright.serving.Deployment;

/** What the records say of one version, and what follows for who looks after it. Pure. */
record Judged(
        String ref,
        String model,
        String version,
        String project,
        String owner,
        String tier,
        String purpose,
        Optional<Deployment> deployment,
        String stage,
        long made,
        Optional<Long> since,
        List<Standing> standings,
        boolean agreed,
        Optional<Certificate> certificate,
        Optional<Long> validUntil,
        Optional<String> reproduced,
        Optional<Long> reproducedAt,
        Optional<Long> reviewed,
        Optional<Long> due,
        List<Alert> alerts) {
    static final String NOT_SCANNED = "unknown: not scanned yet";

    /** What shows how a version was made, so that somebody can make it again. */
    private static final String AGAIN = "mw reproduce model:";

    private static final long DAY = 86_400_000;
    /** A year without a look is a model that nobody looks after. */
    private static final long REVIEW = 365 * DAY;
    /** A certificate that ends within this time is renewed in time. */
    private static final long SOON = 30 * DAY;

    Inventoried inventoried(long now) {
        return new Inventoried(
                ref,
                model,
                version,
                project,
                owner,
                tier,
                purpose,
                deployment.map(Deployment::name).orElse(""),
                stage,
                Optional.of(made),
                since,
                agreement(),
                verdict(Clause.Kind.DRIFT),
                verdict(Clause.Kind.FAIRNESS),
                certificate(now),
                validUntil,
                reproduced.filter(word -> !word.isEmpty()).orElse("never"),
                reproducedAt,
                reviewed,
                reviewDue(),
                NOT_SCANNED,
                health(),
                attention(now));
    }

    private boolean serves() {
        return stage.equals("production");
    }

    /** The worst verdict on what was agreed; what nothing is known of is not kept. */
    String agreement() {
        if (!agreed) {
            return "nothing agreed";
        }
        return worst(standings).text();
    }

    private static Verdict worst(List<Standing> standings) {
        for (Verdict verdict : List.of(Verdict.BROKEN, Verdict.AT_RISK, Verdict.KEPT)) {
            if (standings.stream().anyMatch(standing -> standing.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.INSUFFICIENT;
    }

    private List<Standing> of(Clause.Kind kind) {
        return standings.stream()
                .filter(standing -> standing.clause().kind() == kind)
                .toList();
    }

    private String verdict(Clause.Kind kind) {
        List<Standing> own = of(kind);
        Verdict worst = worst(own);
        return own.isEmpty() || worst == Verdict.INSUFFICIENT ? Inventoried.UNKNOWN : worst.text();
    }

    private String certificate(long now) {
        if (certificate.isEmpty()) {
            return "none";
        }
        if (certificate.get().revocation().isPresent()) {
            return "revoked";
        }
        return validUntil.filter(until -> until <= now).isPresent() ? "expired" : "valid";
    }

    private String health() {
        boolean halted = deployment.flatMap(Deployment::halt).isPresent();
        boolean stale = of(Clause.Kind.STALENESS).stream().anyMatch(standing -> standing.verdict() == Verdict.BROKEN);
        boolean broken = standings.stream()
                .anyMatch(standing ->
                        standing.clause().kind() != Clause.Kind.STALENESS && standing.verdict() == Verdict.BROKEN);
        if (halted || broken) {
            return "breaching";
        }
        if (stale) {
            return "stale";
        }
        return switch (worst(standings)) {
            case AT_RISK -> "at risk";
            case KEPT -> "healthy";
            default -> Inventoried.UNKNOWN;
        };
    }

    private List<Attention> attention(long now) {
        var found = new ArrayList<Attention>();
        String page = "/models/" + model + "/versions/" + version;
        String name = deployment.map(Deployment::name).orElse("");
        serving(found, name);
        certified(found, now, page);
        if (owner.isEmpty()) {
            found.add(new Attention(
                    serves() ? 75 : 30, "nobody owns it: it belongs to no project", "mw project request", page));
        }
        if (serves() && !agreed) {
            found.add(new Attention(70, "serves, and nothing is agreed about it", "mw agreement propose", page));
        }
        if (serves() && reproduced.isEmpty()) {
            found.add(new Attention(20, "nobody tried to make it again", AGAIN + model + "/" + version, page));
        }
        if (reproduced
                .filter(word -> word.equals("DIFFERENT") || word.equals("CANNOT_RERUN"))
                .isPresent()) {
            found.add(new Attention(
                    65, "made again, it is not the same: " + reproduced.get(), AGAIN + model + "/" + version, page));
        }
        reviewDue()
                .filter(at -> serves() && at <= now)
                .ifPresent(at -> found.add(new Attention(
                        40,
                        "its project's review is overdue for " + (now - at) / DAY + " days",
                        "mw project show " + project,
                        "/projects/" + project)));
        return found;
    }

    /** As the last review said; a year after somebody decided about the project where none said anything. */
    private Optional<Long> reviewDue() {
        return due.or(() -> reviewed.map(at -> at + REVIEW));
    }

    private void serving(List<Attention> found, String name) {
        String page = "/deployments/" + name;
        deployment
                .flatMap(Deployment::halt)
                .ifPresent(halt -> found.add(
                        new Attention(100, "does not answer: " + halt.reason(), "mw deployment show " + name, page)));
        standings.stream()
                .filter(standing -> standing.verdict() == Verdict.BROKEN)
                .findFirst()
                .ifPresent(standing -> found.add(new Attention(
                        90,
                        "breaks " + standing.clause().text() + " of the agreement",
                        "mw monitor show " + name,
                        page)));
        standings.stream()
                .filter(standing -> standing.verdict() == Verdict.AT_RISK)
                .findFirst()
                .ifPresent(standing -> found.add(new Attention(
                        55, "is close to breaking " + standing.clause().text(), "mw monitor show " + name, page)));
        if (!alerts.isEmpty()) {
            Alert alert = alerts.getFirst();
            found.add(new Attention(
                    alert.state() == Alert.State.OPEN ? 85 : 50,
                    alerts.size() == 1
                            ? "an alert is open: " + alert.clause().text()
                            : alerts.size() + " alerts are open, the newest about "
                                    + alert.clause().text(),
                    "mw alert show " + alert.id(),
                    "/alerts/" + alert.id()));
        }
        if (serves() && agreed && !standings.isEmpty() && worst(standings) == Verdict.INSUFFICIENT) {
            found.add(new Attention(45, "too little is known to judge its agreement", "mw monitor show " + name, page));
        }
    }

    private void certified(List<Attention> found, long now, String page) {
        String state = certificate(now);
        String command = "mw model certify " + model + "/" + version;
        if (state.equals("revoked")) {
            found.add(new Attention(serves() ? 95 : 30, "its certificate was revoked", "mw release list", page));
        } else if (serves() && state.equals("expired")) {
            found.add(new Attention(60, "its certificate has expired", command, page));
        } else if (serves() && state.equals("none")) {
            found.add(new Attention(60, "serves without a certificate", command, page));
        } else if (serves() && validUntil.filter(until -> until - now < SOON).isPresent()) {
            found.add(new Attention(42, "its certificate ends within 30 days", command, page));
        }
    }
}
