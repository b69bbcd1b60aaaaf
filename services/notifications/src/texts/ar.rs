//! The words in Arabic, as Moroccan administrations write it.

use super::{InboxText, MailText};
use crate::domain::message::Kind;

const GREETING: &str = "تحية طيبة،";
const IF_BUTTON_FAILS: &str = "إذا لم يعمل الزر، فانسخوا هذا العنوان في متصفحكم:";
const SIGNATURE: &str = "المؤسسة — فضاء المنخرط «تضامن»";
const AUTOMATIC: &str = "هذه رسالة تُرسل بصفة تلقائية، المرجو عدم الرد عليها.";
const NEVER_ASKED: &str = "لن تطلب منكم المؤسسة أبدا كلمة المرور، لا عبر البريد الإلكتروني ولا عبر الهاتف.";
const NO_DETAILS: &str = "حماية لحياتكم الخاصة، لا تتضمن هذه الرسالة أي تفصيل عن طلبكم.";

pub(super) fn inbox(kind: Kind) -> InboxText {
    match kind {
        Kind::AccountLink => InboxText {
            title: "تم إرسال رابط الدخول",
            body: "أُرسل إليكم عبر البريد الإلكتروني رابط لاختيار كلمة المرور.",
        },
        Kind::AccountActivated => InboxText {
            title: "مرحبا بكم في فضاء المنخرط",
            body: "تم فتح حسابكم. يمكنكم تقديم طلباتكم وتتبعها، والاطلاع هنا على رسائل المؤسسة.",
        },
        Kind::DeskCodePrinted => InboxText {
            title: "تم طبع رمز تفعيل",
            body: "طبع شباك المؤسسة رمزا يتيح اختيار كلمة مرور حسابكم. إذا لم تطلبوه فاختاروا فورا كلمة مرور جديدة: عندئذ يصبح الرمز لاغيا. ثم أخبروا المؤسسة.",
        },
        Kind::PasswordReplaced => InboxText {
            title: "تم تغيير كلمة المرور",
            body: "تم تغيير كلمة مرور حسابكم برمز طبع في الشباك. إذا لم تقوموا بذلك فاتصلوا بالمؤسسة دون تأخير.",
        },
        Kind::AgentAccountChanged => InboxText {
            title: "تم تغيير حسابكم كعون",
            body: "تم تغيير مهامكم أو صفتكم كمنخرط أو التحقق بخطوتين. إذا لم تكونوا على علم بذلك فأخبروا إدارة المنصة دون تأخير.",
        },
        Kind::ApplicationSubmitted => InboxText {
            title: "توصلنا بطلبكم",
            body: "توصلت المؤسسة بطلبكم. تجدونه في «ملفاتي» مع وصل قابل للطباعة، وسنخبركم هنا بما يستجد بشأنه.",
        },
        Kind::ApplicationWithdrawn => InboxText {
            title: "تم سحب طلبكم",
            body: "لقد سحبتم أحد طلباتكم، وبالتالي لن تتم دراسته. يمكنكم تقديم طلب جديد في أي وقت.",
        },
        Kind::InformationRequested => InboxText {
            title: "مطلوب استكمال أحد طلباتكم",
            body: "لمواصلة دراسة أحد طلباتكم، نحتاج إلى تعديل معلومة أو إلى وثيقة. افتحوا الطلب: ترشدكم صفحته إلى ما يتعين استكماله.",
        },
        Kind::WaitingEnded => InboxText {
            title: "تستأنف الدراسة دون انتظار جوابكم",
            body: "انقضى الأجل المحدد لاستكمال أحد طلباتكم. تجري دراسته الآن على حالته، وسنخبركم هنا بالقرار المتخذ.",
        },
        Kind::PaperInfected => InboxText {
            title: "مطلوب إرسال وثيقة من جديد",
            body: "تبين عند فحص إحدى وثائق طلباتكم أن ملفها قد يكون ضارا، ولا يمكن فتحه. المرجو إعداد ملف آخر سليم؛ تبين صفحة الطلب الوثيقة المعنية ومتى ترسلونها.",
        },
        Kind::ApplicationDecided => InboxText {
            title: "تم البت في أحد طلباتكم",
            body: "اتخذت المؤسسة قرارها بشأن أحد طلباتكم. افتحوا الطلب للاطلاع على القرار وتعليله وكيفية التظلم.",
        },
    }
}

pub(super) fn mail(kind: Kind) -> MailText {
    match kind {
        Kind::AccountLink => MailText {
            subject: "تضامن: اختاروا كلمة المرور الخاصة بكم",
            greeting: GREETING,
            opening: &[
                "توصلنا بطلب لفتح حسابكم في فضاء المنخرط «تضامن» أو لتغيير كلمة المرور الخاصة به.",
                "لاختيار كلمة المرور، المرجو استعمال الرابط أسفله. تدوم صلاحيته 30 دقيقة ولا يُستعمل إلا مرة واحدة، وكل طلب جديد يلغيه.",
            ],
            button: "اختيار كلمة المرور",
            valid_until: Some(("الرابط صالح إلى غاية الساعة ", " (بتوقيت المغرب).")),
            closing: &[
                "إذا لم يصدر هذا الطلب عنكم، فلا داعي للقيام بأي إجراء: لا يمكن لأي أحد اختيار كلمة المرور نيابة عنكم دون هذا الرابط.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::AccountActivated => MailText {
            subject: "تضامن: تم فتح حسابكم",
            greeting: GREETING,
            opening: &[
                "تم فتح حسابكم في فضاء المنخرط «تضامن». يتم الدخول إليه برقم التأجير وكلمة المرور التي اخترتموها.",
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "إذا لم تفتحوا هذا الحساب بأنفسكم، فالمرجو الاتصال بشباك المؤسسة في أقرب وقت.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::DeskCodePrinted => MailText {
            subject: "تضامن: تم طبع رمز تفعيل لحسابكم",
            greeting: GREETING,
            opening: &[
                "طبع شباك المؤسسة رمز تفعيل باسمكم. يتيح هذا الرمز اختيار كلمة مرور حسابكم في فضاء المنخرط.",
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "إذا لم تطلبوه في الشباك فاختاروا فورا كلمة مرور جديدة من داخل حسابكم أو عبر «استرجاع كلمة المرور»: عندئذ يصبح الرمز لاغيا. ثم أخبروا المؤسسة.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::PasswordReplaced => MailText {
            subject: "تضامن: تم تغيير كلمة المرور",
            greeting: GREETING,
            opening: &[
                "تم تغيير كلمة مرور حسابكم في فضاء المنخرط برمز طبع في الشباك. تم إغلاق الجلسات المفتوحة.",
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "إذا لم تقوموا بذلك فتوجهوا دون تأخير إلى شباك المؤسسة.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::AgentAccountChanged => MailText {
            subject: "تضامن: تم تغيير حسابكم كعون",
            greeting: GREETING,
            opening: &[
                "قام شخص آخر بتغيير مهامكم أو صفتكم كمنخرط أو التحقق بخطوتين. تم إغلاق جلساتكم: ادخلوا من جديد.",
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "إذا لم تكونوا على علم بذلك فأخبروا إدارة المنصة دون تأخير.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationSubmitted => MailText {
            subject: "تضامن: توصلنا بطلبكم",
            greeting: GREETING,
            opening: &[
                "توصلت المؤسسة بطلبكم. المرجو الدخول إلى حسابكم للاطلاع على رقمه وطباعة الوصل وتتبع معالجته.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "إذا لم تقدموا هذا الطلب بأنفسكم، فالمرجو الدخول إلى حسابكم لسحبه، ثم تغيير كلمة المرور.",
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationWithdrawn => MailText {
            subject: "تضامن: تم سحب طلبكم",
            greeting: GREETING,
            opening: &[
                "لقد سحبتم أحد طلباتكم، وبالتالي لن تتم دراسته. يبقى ظاهرا في «ملفاتي»، ويمكنكم تقديم طلب جديد في أي وقت.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &["إذا لم تسحبوا هذا الطلب بأنفسكم، فالمرجو تغيير كلمة المرور والاتصال بشباك المؤسسة."],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::InformationRequested => MailText {
            subject: "تضامن: مطلوب استكمال أحد طلباتكم",
            greeting: GREETING,
            opening: &[
                "لمواصلة دراسة أحد طلباتكم، نحتاج إلى تعديل معلومة أو إلى وثيقة. المرجو الدخول إلى حسابكم: ترشدكم صفحة الطلب إلى ما يتعين استكماله.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[
                "يحتفظ الطلب برقمه وتاريخه، وتُستأنف دراسته فور إعادة إرساله. تبين صفحته آخر يوم لانتظار جوابكم، وبعده تجري دراسته على حالته.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::WaitingEnded => MailText {
            subject: "تضامن: تستأنف الدراسة دون انتظار جوابكم",
            greeting: GREETING,
            opening: &[
                "انقضى الأجل المحدد لاستكمال أحد طلباتكم دون أن نتوصل بجوابكم. تجري دراسته الآن على حالته. المرجو الدخول إلى حسابكم للاطلاع عليه أو سحبه.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &["سنراسلكم فور اتخاذ القرار.", NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::PaperInfected => MailText {
            subject: "تضامن: مطلوب إرسال وثيقة من جديد",
            greeting: GREETING,
            opening: &[
                "تبين عند فحص إحدى وثائق طلباتكم أن ملفها يتضمن برنامجا ضارا، ولا يمكن فتحه. غالبا ما يكون مصدره الجهاز الذي أُعد عليه الملف، دون علم صاحبه.",
                "المرجو إعداد ملف آخر على جهاز آخر، أو إعادة مسح الوثيقة ضوئيا، ثم الدخول إلى حسابكم: تبين صفحة الطلب الوثيقة المعنية ومتى ترسلونها.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationDecided => MailText {
            subject: "تضامن: تم البت في أحد طلباتكم",
            greeting: GREETING,
            opening: &[
                "اتخذت المؤسسة قرارها بشأن أحد طلباتكم. المرجو الدخول إلى حسابكم للاطلاع على القرار وتعليله وكيفية التظلم.",
                NO_DETAILS,
            ],
            button: "الدخول إلى حسابي",
            valid_until: None,
            closing: &[NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
    }
}
