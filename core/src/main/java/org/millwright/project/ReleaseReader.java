package org.millwright.project;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Yaml;

/** Reads what the section {@code release} says of answering requests. */
final class ReleaseReader {
    private ReleaseReader() {}

    static Limits limits(Yaml.Value value) {
        Yaml.Value map = value.only("requests", "timeout");
        int requests = map.integer("requests", Limits.DEFAULT.requests());
        if (requests < 1 || requests > Limits.MOST_REQUESTS) {
            map.get("requests")
                    .ifPresent(found -> found.error(
                            "expected 1 to " + Limits.MOST_REQUESTS + " at the same time, got " + requests));
        }
        Duration timeout =
                map.read("timeout", Limits.DEFAULT.timeout(), "a time from 10ms to 10m, such as 500ms or 5s", text -> {
                    Duration read = Durations.parse(text);
                    if (!Limits.isTimeout(read)) {
                        throw new IllegalArgumentException(text);
                    }
                    return read;
                });
        return new Limits(Math.clamp(requests, 1, Limits.MOST_REQUESTS), timeout);
    }

    static Duration certificate(Yaml.Value release) {
        return release.read(
                "certificate-valid-for",
                ProjectFile.Release.CERTIFICATE,
                "a time from 1d to 3650d, such as 365d",
                text -> {
                    Duration read = Durations.parse(text);
                    if (read.toDays() < 1 || read.toDays() > 3_650) {
                        throw new IllegalArgumentException(text);
                    }
                    return read;
                });
    }

    static Remaking remaking(Yaml.Value release) {
        return release.read("reproduce", Remaking.CERTIFIED, "registered, certified or never", Remaking::of);
    }

    static Deciding deciding(Yaml.Value release, RiskTier tier) {
        Optional<Integer> approvers = release.get("approvers").map(value -> approvers(release, value, tier));
        Optional<Yaml.Value> found = release.get("decide").map(map -> map.only("days", "zone", "holidays"));
        if (found.isEmpty()) {
            Deciding usual = Deciding.DEFAULT;
            return new Deciding(approvers, usual.days(), usual.zone(), usual.holidays());
        }
        Yaml.Value map = found.get();
        int days = map.integer("days", Deciding.DEFAULT.days());
        if (days < 1 || days > Deciding.MOST_DAYS) {
            map.get("days")
                    .ifPresent(
                            value -> value.error("expected 1 to " + Deciding.MOST_DAYS + " working days, got " + days));
        }
        ZoneId zone = map.read("zone", Deciding.DEFAULT.zone(), "a time zone such as Europe/Berlin", text -> {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(text, e);
            }
        });
        return new Deciding(approvers, Math.clamp(days, 1, Deciding.MOST_DAYS), zone, holidays(map));
    }

    private static int approvers(Yaml.Value release, Yaml.Value value, RiskTier tier) {
        int number = release.integer("approvers", 1);
        int least = Deciding.least(tier);
        if (number < least || number > Deciding.MOST_APPROVERS) {
            value.error("expected " + least + " to " + Deciding.MOST_APPROVERS + " people for the risk tier "
                    + tier.text() + ", got " + number);
        }
        return Math.clamp(number, least, Deciding.MOST_APPROVERS);
    }

    private static Set<LocalDate> holidays(Yaml.Value map) {
        var days = new HashSet<LocalDate>();
        map.get("holidays").ifPresent(list -> {
            for (Yaml.Value item : list.items()) {
                try {
                    days.add(LocalDate.parse(item.asText()));
                } catch (DateTimeParseException e) {
                    item.error("expected a day such as 2026-12-25, got '" + item.asText() + "'");
                }
            }
            if (days.size() > Deciding.MOST_HOLIDAYS) {
                list.error("expected at most " + Deciding.MOST_HOLIDAYS + " days, got " + days.size());
            }
        });
        return days;
    }

    static RequestSampling log(Yaml.Value value) {
        Yaml.Value map = value.only("sample", "redact", "keep", "megabytes");
        map.need("sample");
        map.need("redact");
        double sample = map.number("sample", 1);
        boolean share = sample > 0 && sample <= 1;
        if (!share) {
            map.get("sample").ifPresent(found -> found.error("expected a share above 0 and at most 1, got " + sample));
        }
        Duration keep = map.read("keep", RequestSampling.KEEP, "a time from 1h to 3650d, such as 30d", text -> {
            Duration read = Durations.parse(text);
            if (read.toHours() < 1 || read.toDays() > 3_650) {
                throw new IllegalArgumentException(text);
            }
            return read;
        });
        int megabytes = map.integer("megabytes", RequestSampling.MEGABYTES);
        if (megabytes < 1 || megabytes > RequestSampling.MOST_MEGABYTES) {
            map.get("megabytes")
                    .ifPresent(found ->
                            found.error("expected 1 to " + RequestSampling.MOST_MEGABYTES + ", got " + megabytes));
        }
        return new RequestSampling(
                share ? sample : 1,
                Set.copyOf(map.texts("redact")),
                keep,
                Math.clamp(megabytes, 1, RequestSampling.MOST_MEGABYTES));
    }
}
