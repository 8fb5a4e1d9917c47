package org.millwright.project;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When the times of a cron expression come. */
public final class CronTimes {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private final ExecutionTime times;
    private final Trigger.Cron cron;

    public CronTimes(Trigger.Cron cron) {
        this.cron = cron;
        this.times = ExecutionTime.forCron(PARSER.parse(cron.expression()));
    }

    /** The expression as it is; IllegalArgumentException when it is none, or when its time never comes. */
    static String checked(String expression) {
        ExecutionTime times = ExecutionTime.forCron(PARSER.parse(expression));
        if (times.nextExecution(ZonedDateTime.parse("2024-01-01T00:00:00Z")).isEmpty()) {
            throw new IllegalArgumentException(expression);
        }
        return expression;
    }

    /** The first time after this one. */
    public Optional<Instant> after(Instant time) {
        return times.nextExecution(time.atZone(cron.zone())).map(ZonedDateTime::toInstant);
    }

    /** The last time that is not after this one. */
    public Optional<Instant> upTo(Instant time) {
        return times.lastExecution(time.plusMillis(1).atZone(cron.zone())).map(ZonedDateTime::toInstant);
    }
}
