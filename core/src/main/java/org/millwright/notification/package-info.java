/** Who is told of alerts, where, and when: channels, silences, escalation, deliveries that outlive a kill. */
@NullMarked
package org.millwright.notification;

import org.jspecify.annotations.NullMarked;
