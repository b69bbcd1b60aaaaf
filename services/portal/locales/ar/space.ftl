### فضاء المنخرط: الرئيسية والخدمات والملفات والرسائل والملف الشخصي.

home-title = وضعيتي
hello = مرحبا { $name }
home-today = وضعيتكم اليوم، { $date }
home-open-files = ملفات مفتوحة
home-all-files = كل الملفات
home-no-files = لا ملف مفتوح
home-no-files-text = اختاروا خدمة أسفله. يتطلب الطلب حوالي خمس دقائق، ويمكنكم التوقف ثم المتابعة.
home-away = لا يمكن عرض ملفاتكم والخدمات حاليا. تبقى بطاقتكم ورسائلكم متاحة. أعيدوا المحاولة بعد دقيقة.
home-own = انخراطكم
home-own-hidden = لا يمكن عرض ملفكم حاليا.
home-see-profile = عرض ملفي الشخصي
home-apply = تقديم طلب جديد
bank = البنك
bank-account = الحساب البنكي
bank-none = لا حساب مسجل
service-unnamed = خدمة
todo-information = الدور عليكم: مطلوب استكمال الملف
todo-information-text = { $service }: استكملوا ملفكم لتستأنف الدراسة (طلب الاستكمال بتاريخ { $date }).
todo-information-open = فتح الملف
todo-draft = الدور عليكم: طلب لم يرسل بعد
todo-draft-open = فتح المسودة
todo-draft-text = { $service }: أجوبتكم محفوظة منذ { $date }. تابعوا من حيث توقفتم.

services-by-family = الخدمات حسب الصنف
services-title = كل الخدمات
services-open = { $count ->
    [0] لا خدمة مفتوحة اليوم
    [one] خدمة واحدة مفتوحة اليوم، وتفتح الأخرى عند صدور دورياتها
    [two] خدمتان مفتوحتان اليوم، وتفتح الأخرى عند صدور دورياتها
    [few] { $count } خدمات مفتوحة اليوم، وتفتح الأخرى عند صدور دورياتها
   *[other] { $count } خدمة مفتوحة اليوم، وتفتح الأخرى عند صدور دورياتها
}
opens-on = تفتح يوم { $date }
opens-later = مبرمجة: تفتح عند صدور دوريتها
more-services = { $count ->
    [one] خدمة أخرى
    [two] خدمتان أخريان
    [few] { $count } خدمات أخرى
   *[other] { $count } خدمة أخرى
}
tabs-label = طلبات هذه الخدمة
tab-available = الطلبات المتاحة
tab-history = سجل الطلبات
apply = طلب الاستفادة
service-minutes = حوالي خمس دقائق. تحفظ أجوبتكم في كل مرحلة.
service-draft-open = لديكم طلب بدأتموه ولم ترسلوه بعد.
service-not-open = هذه الخدمة لم تفتح بعد
not-for-you-title = هذه الخدمة غير متاحة لكم
not-for-you-tile = غير متاحة لكم
not-for-you-lead = حسب ملف انخراطكم، الشروط التالية لهذه الخدمة غير متوفرة:
not-for-you-desk = إذا كان في ملفكم خطأ، أو لأي استفسار، توجهوا إلى الشباك مع وثيقة مثبتة.
not-for-you-draft = مسودتكم محفوظة لكن لا يمكن إرسالها. لا يطلب منكم أي شيء آخر، ويمكنكم حذفها.
ceiling-used-up = استنفد سقف سنة { $year } بالنسبة إلى { $person }: لن يمنح شيء عن أي طلب يحتسب ضمن هذه السنة.
ceiling-used-up-of-year = استنفد سقف سنة { $year } بالنسبة إلى { $person }، مع احتساب الطلبات قيد الدراسة. يبقى ممكنا تقديم طلب يحتسب ضمن سنة أخرى.
ceiling-used-up-here = استنفد سقف سنة { $year }
service-with-card = ببطاقتكم
service-open-card = فتح بطاقتي
service-for-whom = لفائدة من، وفي أي حدود
for-whom-member = أنتم
for-whom-spouse = زوجكم
for-whom-child = أبناؤكم المصرح بهم
for-whom-other = شخص آخر
service-ceiling-money-person = السقف: { $amount } لكل شخص في السنة المدنية.
service-ceiling-money-household = السقف: { $amount } لكل أسرة في السنة المدنية.
service-ceiling-uses-person = { $count ->
    [one] السقف: مرة واحدة لكل شخص في السنة المدنية.
    [two] السقف: مرتان لكل شخص في السنة المدنية.
    [few] السقف: { $count } مرات لكل شخص في السنة المدنية.
   *[other] السقف: { $count } مرة لكل شخص في السنة المدنية.
}
service-ceiling-uses-household = { $count ->
    [one] السقف: مرة واحدة لكل أسرة في السنة المدنية.
    [two] السقف: مرتان لكل أسرة في السنة المدنية.
    [few] السقف: { $count } مرات لكل أسرة في السنة المدنية.
   *[other] السقف: { $count } مرة لكل أسرة في السنة المدنية.
}
service-reasons = المواضيع المقبولة
service-see-open = عرض الخدمات المفتوحة
service-conditions = الشروط والمبلغ
service-prepare = ما يجب إعداده
service-prepare-bank = آخر أربعة أرقام من حسابكم البنكي (RIB) للتعرف عليه
history-empty = لا طلب لهذه الخدمة
history-empty-text = ستظهر هنا طلباتكم، المرسلة أو التي بدأتموها، مع رقمها وحالتها.

files-title = ملفاتي
files-count = { $count ->
    [0] لا ملف حاليا
    [one] ملف واحد
    [two] ملفان
    [few] { $count } ملفات
    [many] { $count } ملفا
   *[other] { $count } ملف
}
files-empty = لم تقدموا أي طلب بعد
files-empty-text = يتطلب الطلب حوالي خمس دقائق، ويمكنكم التوقف ثم المتابعة.
files-empty-choose = اختيار خدمة
new-request = طلب جديد
file-started-on = بدأ يوم { $date }
file-sent-on = أرسل يوم { $date }
file-number = رقم الطلب
file-number-of = الملف { $number }
file-who-acts = على من الدور؟
file-request = طلبكم
file-paper-infected = لا يمكن فتح إحدى وثائق هذا الطلب: رصد مضاد الفيروسات خطرا في ملفها بعد الإرسال. تجدونها مميزة بعلامة في لائحة الوثائق. المرجو إعداد ملف آخر على جهاز آخر أو إعادة مسح الوثيقة ضوئيا؛ ستطلب منكم المؤسسة إرساله، وستصلكم رسالة بذلك.
file-paper-to-send-again = ملف ضار: يجب إرسال ملف آخر
file-conditions = الشروط
file-conditions-lead = تم التحقق منها حسب معطيات ملفكم يوم الإرسال. القرار يعود إلى المؤسسة.
to-correct-title = الدور عليكم: تطلب المؤسسة استكمال الملف
asked-lead = طُلب منكم ذلك يوم { $date }. صححوا هذه النقط دون غيرها ثم أعيدوا إرسال الملف لتستأنف الدراسة.
asked-until = ننتظر جوابكم إلى نهاية يوم { $date }؛ وبعده يدرس الملف كما أرسلتموه، دون ما لم تعيدوا إرساله.
asked-home-lead = { $service }، الملف { $number }. طُلب منكم ذلك يوم { $date }: صححوا هذه النقط ثم أعيدوا إرسال الملف.
asked-incorrect = يلزم التصحيح
asked-incomplete = يلزم الإتمام
asked-outdated = يلزم التجديد
asked-unsafe-file = يلزم إرسال ملف آخر: رصد مضاد الفيروسات خطرا في الملف السابق ولا يمكن فتحه
asked-no-longer-valid = يلزم الجواب من جديد: تغيرت معطياتكم بعد الإرسال، ولا يمكن إعادة إرسال الملف دون هذا الجواب
asked-other = عنصر من الملف
asked-correct = تصحيح
asked-done = تمت الإجابة
asked-at-desk = يصحح في الشباك
asked-progress = تمت الإجابة عن { $done } من { $total }
asked-all-done = أجبتم عن كل النقط. بقي أن تعيدوا إرسال الملف.
asked-send = مراجعة الملف وإعادة إرساله
decision-amount = المبلغ الممنوح
decision-not-granted = رفض الطلب
decision-on = صدر القرار يوم { $date }
decision-steps = كيفية احتساب هذا المبلغ
decision-why = أسباب هذا القرار
decision-why-lead = الشروط كما تحققت منها المؤسسة عند اتخاذ القرار.
decision-reason-other = تعذر قبول الطلب.
appeal-amount = لا توافقون على المبلغ؟
appeal-refusal = لا توافقون على هذا القرار؟
appeal-until = يمكن التظلم إلى نهاية يوم { $date }.
appeal-over = انقضى أجل التظلم يوم { $date }.
condition-held = متوفر:
condition-not-held = غير متوفر:
ceiling-left = الباقي من سقف هذا الشخص خلال السنة: { $amount }
uses-left = الطلبات التي لا تزال ممكنة لهذا الشخص برسم سنة { $year }: { $left } من أصل { $limit }
uses-left-household = الطلبات التي لا تزال ممكنة لأسرتكم برسم سنة { $year }: { $left } من أصل { $limit }
file-timeline = مسار الملف
file-papers = الوثائق
file-no-papers = لا وثيقة.
receipt-open = وصل للطباعة
withdraw-heading = غيرتم رأيكم؟
withdraw-when = يمكنكم سحب الطلب ما لم يصدر قرار بشأنه.
withdraw = سحب الطلب
withdraw-title = هل تريدون سحب هذا الطلب؟
withdraw-text = سيلغى الطلب { $number } ولن تتم دراسته. ويبقى في سجل طلباتكم.
withdraw-again = يمكنكم بعد ذلك تقديم طلب جديد برقم جديد.
withdraw-keep = لا، أحتفظ به
withdraw-confirm = نعم، أسحبه
draft-since = بدأ يوم { $date }، آخر حفظ { $saved }
draft-where = أين وصلتم
draft-answered = تمت الإجابة
draft-to-do = في انتظار جوابكم
discard = حذف هذه المسودة
discard-title = هل تريدون حذف هذه المسودة؟
discard-text = ستضيع أجوبتكم والوثائق المرفقة بطلب «{ $service }». لم يرسل أي شيء.
discard-keep = لا، أحتفظ بها
discard-confirm = نعم، أحذفها

inbox-title = الرسائل
inbox-unread = { $count ->
    [0] كل الرسائل مقروءة
    [one] رسالة واحدة غير مقروءة
    [two] رسالتان غير مقروءتين
    [few] { $count } رسائل غير مقروءة
   *[other] { $count } رسالة غير مقروءة
}
inbox-all-read = وضع علامة «مقروءة» على الكل
inbox-new = جديدة
inbox-open-file = فتح الملف
inbox-mark-read = وضع علامة «مقروءة»
inbox-older = رسائل أقدم
inbox-empty = لا رسائل
inbox-empty-text = عند كل جديد في طلباتكم تصلكم رسالة هنا، مع تنبيه بالبريد الإلكتروني.

profile-title = ملفي الشخصي
profile-record = ملف انخراطكم
profile-family = الأسرة المصرح بها
profile-no-family = لا زوج ولا أبناء مصرح بهم.
profile-change = هل من خطأ؟ يصححه الشباك بعد الإدلاء بوثيقة.
profile-language = لغة الرسائل والبريد الإلكتروني
profile-language-saved = تم حفظ لغة رسائلكم.

password-title = تغيير كلمة المرور
password-current = كلمة المرور الحالية
password-current-missing = اكتبوا كلمة المرور الحالية
password-current-wrong = ليست هذه كلمة المرور الحالية: أعيدوا كتابتها
password-others = ستنتهي الجلسات المفتوحة على الأجهزة الأخرى.
password-done = تم تغيير كلمة المرور وإنهاء الجلسات على الأجهزة الأخرى.

sessions-title = الأجهزة المتصلة
sessions-lead = الأجهزة المفتوح عليها حسابكم. أنهوا جلسة كل جهاز لم تعودوا تستعملونه.
sessions-unknown-device = جهاز غير معروف
sessions-this = هذا الجهاز
sessions-since = متصل منذ { $date }
sessions-seen = آخر نشاط: { $when }
sessions-end = إنهاء الجلسة
sessions-strange = جهاز لا تعرفونه؟ أنهوا جلسته ثم غيروا كلمة المرور:

card-title = بطاقتي
card-lead = عند الشريك، قدموا رمز الشخص المعني. الرمز صالح لمدة عشر دقائق.
card-private = يعرف الشريك هل الرمز صالح، وهل هو للمنخرط أو للزوج أو لأحد الأبناء، وما هو التخفيض وإلى أي ساعة. ولا يطلع على اسمكم ولا على رقم تأجيركم ولا على سنكم.
card-show = إظهار الرموز
card-again = طلب رموز جديدة
card-until = الرموز صالحة إلى غاية { $time }. طلب رموز جديدة يلغي هذه.
card-replaced = صدرت رموز أحدث حلت محل رموز هذه الصفحة، فلم تعد صالحة. قدموا الرموز الأحدث، أو اطلبوا رموزا جديدة تلغي ما قبلها.
card-facts-unknown = لم يصل ملف انخراطكم إلى خدمة البطاقات بعد. أعيدوا المحاولة بعد بضع دقائق.
card-code = الرمز:
checks-title = من تحقق من بطاقتي
checks-lead = كل تحقق من بطاقة فرد من أسرتكم، مع الجواب الذي توصل به الشريك.
checks-empty = لم يتحقق أحد من بطاقتكم
checks-empty-text = عندما يتحقق شريك من رمز لأسرتكم، يظهر ذلك هنا.
checks-older = عمليات تحقق أقدم
checks-unknown = هل بينها عملية لا تعرفونها؟ اطلبوا رموزا جديدة وأخبروا الشباك.
check-valid = صالح
check-not-valid = غير صالح
check-sale = الثمن { $gross }، التخفيض { $reduction }، المؤدى { $net }
check-cancelled = ألغي الشراء في { $date }
