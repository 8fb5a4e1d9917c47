/** Mail by SMTP. */
@NullMarked
package org.millwright.engines.mail;

import org.jspecify.annotations.NullMarked;
